from tests.contracts.test_url_map import *
from tests.contracts.test_url_map import _unsafe, _audience
import re
EVIL = ["", " ", "a\0b", "\u202e", "x"*100, "x" * 60_000, "<script>alert(1)</script>", "{{7*7}}", "-1", "1e9", "9"*30, "٣", "\ud83d", "%00", "../../etc/passwd", "' OR 1=1--", "NaN", "inf", "0x1", "\r\nX: y", "25:99", "24:00", "2026-02-30", "0000-00-00", "Zalgo"+"\u0301"*3000, "*", "#FFF", "https://a@b"]
HF = {"admin.create_hours": ["name","time_zone","monday-start","monday-end","date-0","label-0","yearly-0","date-0-start","date-99999","date-0-end","remove-0","number","version","reader_zone","edit"]}
HF["admin.change_hours"]=HF["admin.preview_hours"]=HF["admin.create_hours"]
MORE={"admin.create_inbox":["starters","allowed_origins","hours"],"admin.change_inbox":["starters","allowed_origins","hours"]}
def test_fuzz(furnished):
    n=0; bad=[]; seen={}
    for rule in _unsafe(furnished.app):
        if not rule.endpoint.startswith("admin.") or "endpoint" in rule.endpoint: continue
        if ROUTES.get(rule.endpoint) is None: continue
        form=ROUTES[rule.endpoint].form
        fields=HF.get(rule.endpoint, []) + list(form) + MORE.get(rule.endpoint,[])+["version","edit"]
        for f in dict.fromkeys(fields):
            for v in EVIL:
                data={**form, f: v.encode("utf-8","surrogatepass").decode("utf-8","replace")}
                if f.startswith(("label-0","yearly","date-0-s","date-0-e")): data["date-0"]="2026-12-25"
                a=furnished.boss.client.post(furnished.address(rule), data=data); n+=1
                seen.setdefault(rule.endpoint,set()).add(a.status_code)
                if a.status_code>=500 or "<script>alert" in a.text: bad.append((rule.endpoint,f,v[:30],a.status_code))
        for raw in (b"\xff=\xfe&version=\xed\xa0\x80", b"version=1&version=2&shortcut=a&shortcut=b"):
            a=furnished.boss.client.post(furnished.address(rule), data=raw, content_type="application/x-www-form-urlencoded")
            if a.status_code>=500: bad.append((rule.endpoint,"raw",a.status_code))
        a=furnished.boss.client.post(furnished.address(rule), json={"a":1})
        if a.status_code not in (415,404): bad.append((rule.endpoint,"json",a.status_code))
        for number in ("0","99","999999999","2147483648","-1","x","%00","1e3","٣"):
            path=re.sub(r"<number>",number,rule.rule).replace("<key>","greeting")
            if number=="0" and rule.endpoint=="admin.restore_policy": continue
            if "<number>" in rule.rule:
                a=furnished.boss.client.post(path, data=form)
                if a.status_code not in (400,404,409,422): bad.append((rule.endpoint,"number",number,a.status_code))
    for q in EVIL:
        for path in ("/admin/audit","/admin/canned-responses"):
            for name in ("kind","agent","since","until","zone","before","q","done"):
                a=furnished.boss.client.get(path, query_string={name:q.encode("utf-8","surrogatepass").decode("utf-8","replace")})
                if a.status_code>=500 or "<script>alert" in a.text: bad.append((path,name,q[:30],a.status_code))
    print(n); print(seen)
    print(*bad, sep="\n")
    assert not bad
