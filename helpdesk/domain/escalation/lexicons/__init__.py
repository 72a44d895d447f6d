"""The words the signals look for. Data only: what is done with it stands one folder up."""
