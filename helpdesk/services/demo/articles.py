"""What Northfold, the company of the demo, has written down: a small app to save and invest with.

The ``id`` of an article is its slug. Every word and figure is invented.
"""

from __future__ import annotations

from helpdesk.ai import Article
from helpdesk.services.demo.articles_account import ACCOUNT
from helpdesk.services.demo.articles_investing import INVESTING
from helpdesk.services.demo.articles_money import MONEY
from helpdesk.services.demo.articles_service import SERVICE

ARTICLES: tuple[Article, ...] = (*MONEY, *INVESTING, *ACCOUNT, *SERVICE)
