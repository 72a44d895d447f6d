"""What every test can ask for is in these plugins; each imports only those before it."""

pytest_plugins = [
    "tests.support.servers",
    "tests.support.browser",
    "tests.support.databases",
    "tests.support.application",
]
