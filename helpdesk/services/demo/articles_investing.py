"""Northfold's articles about what customers own: portfolio, orders, dividends, tax papers."""

from __future__ import annotations

from helpdesk.ai import Article

INVESTING = (
    Article(
        id="portfolio-performance",
        title="How your portfolio is doing",
        body=(
            "Your portfolio's value and its gain or loss are on the Home screen, and the line"
            " below shows how it has done over a day, a month, a year or since you began. Tap it"
            " to see each holding with its return in euros and in percent. The figures follow"
            " live prices while the markets are open and count dividends and fees. For a summary"
            " you can keep, tap Portfolio, Report; it is ready in a few seconds. The chat"
            " assistant cannot see your own figures."
        ),
        questions=(
            "How is my portfolio doing?",
            "How's my portfolio performing?",
            "What is my portfolio worth?",
            "Show me my portfolio",
            "How are my investments doing today?",
            "Am I up or down this year?",
            "Where can I see my gains and losses?",
        ),
        tags=("portfolio", "performance", "returns"),
    ),
    Article(
        id="return-figures",
        title="How we work out your return",
        body=(
            "We show two figures. The money return compares what your holdings are worth now,"
            " plus dividends, with what you paid in. The time-weighted return leaves out when you"
            " paid in or took out money, so you can compare it with an index. After a large"
            " deposit the two can differ a lot, and neither is wrong. Change the figure by"
            " tapping the percentage. Fees are taken off in both; taxes are not."
        ),
        questions=(
            "How do you calculate my return?",
            "Why does my percentage look wrong?",
            "What is a time-weighted return?",
            "Are fees included in the performance figure?",
        ),
        tags=("performance", "calculation"),
    ),
    Article(
        id="buy-and-sell",
        title="Buying and selling",
        body=(
            "Find a share or fund with Search, tap Buy or Sell, enter an amount in euros or a"
            " number of shares, check the cost and confirm. A market order is carried out at once"
            " while the exchange is open. With a limit order you name your price, and it waits"
            " for up to 90 days. Parts of a share are possible from €1. After a sale the money is"
            " in your balance at once for buying again; it can be withdrawn after two working"
            " days."
        ),
        questions=(
            "How do I buy shares?",
            "How do I sell a fund?",
            "I want to sell all my shares",
            "What is a limit order?",
            "Can I buy part of a share?",
            "How do I place an order?",
        ),
        tags=("order", "trade", "stock"),
    ),
    Article(
        id="what-to-invest-in",
        title="What you can invest in",
        body=(
            "Northfold offers about 4,000 shares from Europe and the United States, 900"
            " exchange-traded funds (ETFs) and a small choice of bonds. Use Search, or Invest,"
            " Discover, to look through them by country, industry or yearly cost. We do not offer"
            " cryptocurrencies, options or trading with borrowed money. We explain what a product"
            " is, but we give no advice on whether to buy it."
        ),
        questions=(
            "What can I invest in?",
            "Do you have ETFs?",
            "Can I buy bitcoin or other crypto?",
            "Which shares and funds do you offer?",
            "Which stock should I buy?",
        ),
        tags=("products", "etf", "crypto", "advice"),
    ),
    Article(
        id="open-orders",
        title="Orders that are open, rejected or cancelled",
        body=(
            "Your open orders are under Invest, Orders. An order stays open when the exchange is"
            " closed or when the price has not reached your limit. To cancel it, tap the order"
            " and then Cancel; this works until it is carried out. An order is rejected when"
            " there is too little money, when trading in the share is paused, or when the price"
            " moved too far in between. The reason stands beside it, and rejected orders cost"
            " nothing."
        ),
        questions=(
            "Why was my order rejected?",
            "How do I cancel an order?",
            "Why is my order still open?",
            "When will my order be carried out?",
            "Can I change an order after placing it?",
        ),
        tags=("order", "cancel", "rejected"),
    ),
    Article(
        id="market-hours",
        title="When you can trade",
        body=(
            "European shares and funds trade from 9:00 to 17:30, US shares from 15:30 to 22:00,"
            " Central European Time, Monday to Friday. You can place an order at any hour;"
            " outside these times it waits for the next opening. Exchanges close on their public"
            " holidays, which you find under Invest, Calendar. Funds are priced once a day: an"
            " order before 12:00 gets that day's price."
        ),
        questions=(
            "When are the markets open?",
            "What are the trading hours?",
            "Can I trade at the weekend?",
            "Is the stock exchange open on public holidays?",
        ),
        tags=("trading hours", "exchange"),
    ),
    Article(
        id="dividends",
        title="Dividends",
        body=(
            "When a company or fund pays a dividend, it reaches your balance one to three"
            " working days after the payment date. Coming and past dividends are under Portfolio,"
            " Dividends. You own the dividend if you held the share on the day before the"
            " ex-date. Switch on Reinvest to buy more of the same share with it, without an order"
            " fee. Tax on foreign dividends is taken off before they reach us and is listed in"
            " your tax report."
        ),
        questions=(
            "When are dividends paid?",
            "Where can I see my dividends?",
            "How do I reinvest dividends?",
            "Why have I not received a dividend?",
            "What is the ex-date?",
        ),
        tags=("dividend", "income"),
    ),
    Article(
        id="tax-documents",
        title="Tax documents",
        body=(
            "Your tax report for a year is ready by 28 February of the next one. Open Profile,"
            " Documents, Tax and choose the year; you can save it as a PDF or send it to your"
            " accountant. It lists sales, dividends, interest, foreign tax and fees. We send you"
            " a notification when it is ready. Older reports stay there for ten years. We cannot"
            " give tax advice, but we can explain any figure in the report."
        ),
        questions=(
            "Where do I find my tax documents?",
            "When is the tax report ready?",
            "How do I download my annual tax statement?",
            "Do you send tax forms?",
            "I need a document for my tax return",
        ),
        tags=("tax", "report", "documents"),
    ),
    Article(
        id="tax-number",
        title="Tax number and withholding tax",
        body=(
            "We need your tax number to report to the tax office as the law asks of us. Add or"
            " change it under Profile, Personal details, Tax. For US shares we also need form"
            " W-8BEN; you sign it in the app in about a minute, and it lowers US tax on dividends"
            " from 30% to 15% in most countries. The form lasts three calendar years, and we"
            " remind you before it ends."
        ),
        questions=(
            "Where do I enter my tax number?",
            "What is the W-8BEN form?",
            "Why is tax taken off my dividends?",
            "Do you withhold tax?",
        ),
        tags=("tax", "w-8ben"),
    ),
    Article(
        id="statements",
        title="Account statements and confirmations",
        body=(
            "Under Profile, Documents you find a statement for every month, a confirmation of"
            " every order, and the yearly summary of costs. Choose a period and tap Export for a"
            " PDF or a CSV file. If a bank or an authority needs a letter that your account"
            " exists, tap Certificate; it is made at once with your name, account number and"
            " balance. Documents are kept for ten years."
        ),
        questions=(
            "Where can I find my account statement?",
            "How do I download my transactions?",
            "Can I get a proof of balance?",
            "Can I export my data as CSV?",
        ),
        tags=("statement", "documents", "export"),
    ),
    Article(
        id="move-portfolio-in",
        title="Moving your portfolio to Northfold",
        body=(
            "You can bring shares and funds from another broker without selling them. Tap"
            " Portfolio, Transfer in, name the broker and your account number there, choose what"
            " to move, and sign in the app. We do the rest; it takes two to three weeks, and you"
            " cannot trade those holdings meanwhile. It is free on our side, though your old"
            " broker may charge. Parts of a share cannot be moved and are usually sold by the old"
            " broker."
        ),
        questions=(
            "How do I transfer my shares from another broker?",
            "Can I bring my shares from another bank to you?",
            "Can I move my portfolio to Northfold?",
            "How long does a portfolio transfer take?",
            "Does a transfer cost anything?",
        ),
        tags=("transfer", "broker"),
    ),
    Article(
        id="move-portfolio-out",
        title="Moving your portfolio to another broker",
        body=(
            "Your new broker starts the move: give them your Northfold account number, which"
            " stands under Profile, Personal details. We confirm it within two working days, and"
            " the whole move takes two to three weeks. It costs nothing. Parts of a share cannot"
            " be moved, so sell them before you begin. Your account stays open afterwards; close"
            " it in the app if you no longer need it."
        ),
        questions=(
            "How do I transfer my shares out of Northfold?",
            "Can I move my investments to another bank?",
            "What is my Northfold account number?",
        ),
        tags=("transfer", "leaving"),
    ),
    Article(
        id="risk-and-protection",
        title="Is my money safe?",
        body=(
            "Your shares and funds belong to you and are kept apart from our own money, so they"
            " are yours even if Northfold should fail. Cash is at partner banks and protected by"
            " law up to €100,000 per bank. Northfold is supervised as an investment firm. None of"
            " this protects against falling prices: investments can lose value, and you may get"
            " back less than you put in. Only invest what you can leave for some years."
        ),
        questions=(
            "Is my money safe with you?",
            "What happens if Northfold goes bankrupt?",
            "Is my cash insured?",
            "Are you regulated?",
            "Is Northfold a scam or can I trust you?",
            "Can I lose money?",
        ),
        tags=("safety", "protection", "risk"),
    ),
)
