"""A conversation is only over when the customer says nothing but thanks."""

from __future__ import annotations

import pytest

from helpdesk.domain.escalation import is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "thank you so much for your help",
        "Perfect, thanks Maya",
        "that solved it, thank you",
        "It works now. Cheers!",
        "no thanks, that's all",
        "Nothing else, bye",
        "Thank youuuu!!!",
        "👍",
        "🙏🏽",
        "Vielen Dank für die schnelle Hilfe!",
        "Merci beaucoup",
        "¡Muchas gracias!",
        "Grazie mille",
        "Muito obrigado pela ajuda",
        "Hartelijk bedankt",
        "Tack så mycket",
        "Dziękuję bardzo",
        "Спасибо большое",
        "Teşekkürler",
        "谢谢你！",
        "ありがとうございます。",
        "감사합니다",
    ],
)
def test_a_pure_thanks_or_farewell_is_recognised(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks but it is still broken",
        "Thanks, how do I close my account?",
        "thanks anyway",
        "thanks for nothing",
        "Thanks in advance",
        "thanks?",
        "Thank you. My card was stolen.",
        "thanks, I have one more question",
        "bye, I have a problem",
        "that worked but now the chart is gone",
        "It never worked",
        "ok",
        "great",
        "no",
        "",
        "...",
        "Danke, aber es geht nicht",
        "gracias pero no funciona",
        "谢谢，但是还是不行",
        "👍👎",
    ],
)
def test_anything_beside_the_thanks_keeps_the_conversation_open(text: str) -> None:
    assert not is_thanks(text)
