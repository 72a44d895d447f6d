"""Thanks, farewells and "that solved it", in the languages customers write most.

A message is a pure thanks when every word of it is in `CORE` or `COMPANY` and at least one is in
`CORE`: one word outside ("thanks but", "thanks anyway") and it is not.
"""

from __future__ import annotations

CORE: dict[str, float] = {
    # English
    "thanks/thank/thankyou/thx/thnx/thanx/thanxs/tnx/tnks/tks/thankx/thanku/ty/tysm/cheers": 1.0,
    "thank you/u": 1.0,
    "many/much thanks/appreciated/obliged": 1.0,
    "appreciate/appreciated it/that/this/your/the": 1.0,
    "bye/goodbye/byebye/byee/cya": 1.0,
    "good bye/night": 1.0,
    "goodnight": 1.0,
    "see you/ya later/soon/around": 1.0,
    "talk to you later/soon": 1.0,
    "nothing/no else/more/further questions?": 1.0,
    "take care": 1.0,
    "have a/an good/great/nice/lovely/wonderful/blessed day/evening/night/weekend/one": 1.0,
    "that/it/this/which worked/works": 1.0,
    "it/its/thats works/worked/working/solved/fixed/done/resolved now?": 1.0,
    "that/this/it/you/problem/issue is? solved/fixed/resolved/sorted it/that/this?": 1.0,
    "all good/set/sorted/done/fixed/solved/clear": 1.0,
    "that/thats/that is/was all": 1.0,
    "thats it": 1.0,
    "all i need/needed/wanted": 1.0,
    "that/this/it helps/helped": 1.0,
    "you helped": 1.0,
    "problem/issue solved/fixed/resolved": 1.0,
    "got/found it": 1.0,
    "you/youre are? the best": 1.0,
    "youre welcome": 1.0,
    # German
    "danke/dankeschon/dankesehr/merci": 1.0,
    "vielen/besten/herzlichen/tausend dank": 1.0,
    "tschuss/tschuess/ciao": 1.0,
    "auf wiedersehen": 1.0,
    "hat geklappt/geholfen/funktioniert": 1.0,
    "funktioniert/klappt jetzt": 1.0,
    "schonen tag/abend": 1.0,
    # French
    "au revoir": 1.0,
    "bonne journee/soiree": 1.0,
    "ca marche/fonctionne": 1.0,
    # Spanish, Portuguese, Italian
    "gracias/agradecido/agradecida": 1.0,
    "adios/chao/chau": 1.0,
    "hasta luego/pronto": 1.0,
    "obrigado/obrigada/obg/valeu/brigado": 1.0,
    "tchau": 1.0,
    "grazie": 1.0,
    "arrivederci": 1.0,
    # Dutch and the Nordic languages
    "bedankt/dankjewel/dankuwel/dank": 1.0,
    "tack/takk/tak/kiitos": 1.0,
    "doei": 1.0,
    # Slavic, Turkish, Hungarian, Romanian, Baltic
    "dzieki/dziekuje/dekuji/diky/dakujem/hvala/blagodarya": 1.0,
    "спасибо/дякую/благодаря/хвала": 1.0,
    "пока": 1.0,
    "до свидания": 1.0,
    "tesekkurler/tesekkur/sagol/sagolun": 1.0,
    "koszonom/koszi/multumesc/mersi/aciu/paldies": 1.0,
    # Greek, Hebrew, Arabic, Persian, Hindi, Indonesian, Vietnamese, Swahili, Tagalog
    "ευχαριστω": 1.0,
    "תודה/شكرا/ممنون/متشكرم/merci": 1.0,
    "dhanyavad/dhanyawad/shukriya/shukran": 1.0,
    "terima kasih": 1.0,
    "terimakasih/makasih": 1.0,
    "cam on": 1.0,
    "asante/salamat": 1.0,
}

COMPANY = frozenset(
    "so very much a lot alot lots ton tons million again all for the your you u ya that this these "
    "is was it its thats really great good perfect excellent awesome amazing brilliant wonderful "
    "fantastic cool nice lovely super best fine sweet ok okay okey k kk alright right yes yeah yep "
    "yup ya no nope nah oh ah wow hi hello dear sir madam maam mam mate man bro guys everyone team "
    "there help helping support assistance answer answers info information advice explanation "
    "reply "
    "time patience service quick fast kind kindly kindness and then now i im am understand "
    "understood see get got solved fixed done sorted resolved works worked working love loved "
    "appreciate appreciated happy glad welcome too also nothing else moment today "
    "everything anything day evening night weekend have great one later soon up cleared clear "
    "friend buddy dude well of to ur once special quite helpful useful helpfull chatting talking "
    "speaking conversation chat talk with youve been be had am "
    # German
    "vielmals sehr fur die das den ihre deine hilfe antwort schnelle super toll prima alles klar "
    "gut ja nein nun jetzt noch schonen einen tag ihnen dir euch schon herzlich bis bald "
    # French
    "beaucoup bien pour votre ton aide reponse oui non parfait tres mille bonne vous toi d accord "
    "super et "
    # Spanish, Portuguese, Italian
    "muchas muchisimas mil por su tu ayuda la respuesta todo si perfecto vale genial muy bien "
    "muito muita pela pelo sua ajuda tudo sim perfeito otimo mesmo mille tante molte per il aiuto "
    "perfetto va bene tutto "
    # Dutch, Nordic, Slavic, others
    "je u wel hartelijk heel erg voor hulp mange tusen tusind sa mycket for hjalpen hjelpen paljon "
    "bardzo moc bolshoe большое огромное вам за помощь cok ederim szepen mult banyak ji".split()
)
"""What may stand around them."""

NOT_SOLVED = frozenset(
    "anyway anyways nothing advance vorab trotzdem quand meme igual antemao antemano anticipo "
    "voraus but however though although still yet aber mais pero ma mas maar".split()
)
"""With one of these the customer has given up, is sarcastic, or goes on."""

NOTHING_ELSE = ("nothing else", "nothing more", "nothing further")

SIGNS = frozenset("🙏👍👌❤🙂😊😀😃😄🎉👏💯🤝💙💚💜🥰😍🙌✅🤗😁☺")
GRATEFUL_SIGNS = frozenset("🙏👍👌👏🙌🤝💯")

WHOLE_CJK = (
    "谢谢",
    "謝謝",
    "多谢",
    "多謝",
    "感谢",
    "感謝",
    "再见",
    "再見",
    "拜拜",
    "辛苦了",
    "解决了",
    "解決了",
    "ありがとうございました",
    "ありがとうございます",
    "ありがとう",
    "どうも",
    "さようなら",
    "解決しました",
    "감사합니다",
    "고맙습니다",
    "고마워요",
    "고마워",
    "감사해요",
    "안녕히계세요",
    "ขอบคุณ",
    "धन्यवाद",
    "शुक्रिया",
)
AROUND_CJK = (
    "非常",
    "十分",
    "太",
    "你",
    "您",
    "的",
    "帮助",
    "幫助",
    "了",
    "啦",
    "啊",
    "好",
    "明白",
    "知道",
    "已经",
    "已經",
    "问题",
    "問題",
    "本当に",
    "はい",
    "です",
    "ました",
    "네",
    "정말",
    "ครับ",
    "ค่ะ",
    "มาก",
    "बहुत",
    "आपका",
)
