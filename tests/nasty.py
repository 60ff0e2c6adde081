"""Values that nobody types in good faith: numbers beyond every column, dates that are none, markup, endless text."""

VALUES = [
    "", " ", "0", "-0", "-1", "1.5", "1e999", "NaN", "Infinity", "0x10", "٣", "½", "null", "true", "on", "[]", "{}",
    str(2**31), str(2**63 - 1), str(2**63), str(2**64), "9" * 400, "-" + "9" * 400,
    "2020-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2020-13-45T99:99:99Z", "31/02/2020",
    "nan,nan,nan,nan", "1e400,0,2,3", ",,,", "1,2,3,4,5", "107,-6,106,-7", "180,90,-180,-90", "106.7,-6.3,106.8",
    "31.74.05.1006.1", "3171010", "99.99.99.9999", "31..74", "KSBB-0000-0000", "KSBB-" + "A" * 5_000,
    "<script>alert(1)</script>", "\"'><svg onload=alert(1)>", "' OR 1=1 --", "'; DROP TABLE donations_household; --",
    "%", "_", "\\", "%s%n%x", "{{7*7}}", "${7*7}", "../../etc/passwd", "//evil.example/", "//[", "http://[::1", "//℀x",
    "javascript:alert(1)",
    "\r\nSet-Cookie: a=b", "\t", "\x07\x1b[31m", "\u202e\u2066", "\ufeff", "e\u0301" * 500, "🐘" * 300, "ﷺ" * 200,
    "x" * 10_000, "[" * 5_000, '{"a":' * 2_000, "W10", "bnVsbA", "=cmd|' /C calc'!A0", "0" * 10_000,
]  # fmt: skip
# As they stand in an address: broken percent signs, NUL, lone surrogates, bytes that are no UTF-8.
RAW = ["%00", "a%00b", "%ED%A0%80", "%ED%BF%BF", "%FF%FE", "%C0%AF", "%", "%zz", "%25%30%30", "%F4%90%80%80", ";", "=="]
BODIES = [
    ("application/json", b"[" * 50_000),
    ("application/json", b'{"a":' * 20_000),
    ("application/json", b"\xff\xfe"),
    ("application/xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\n'),
    ("multipart/form-data; boundary=" + "x" * 500, b"--x"),
    ("application/x-www-form-urlencoded", b"a=%ED%A0%80&b=%00&\xff=\xff"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3_000))),
    ("application/x-www-form-urlencoded", b"text=" + b"x" * 2_000_000),
    ("application/x-www-form-urlencoded; charset=utf-7", b"text=+ADw-script+AD4-"),
    ("", b"\x00" * 1_000),
]
HEADERS = [
    {"if-none-match": '"' * 5_000}, {"if-none-match": "W/\"x\", é"}, {"if-modified-since": "kemarin"},
    {"accept": "*/" * 1_000}, {"accept": "text/html;q=nan"}, {"accept-language": "x" * 5_000},
    {"accept-encoding": "é,;q=2"},
    {"range": "bytes=9-1,,-0"}, {"x-forwarded-for": "\x07, <b>, " * 200}, {"x-forwarded-host": "evil.example"},
    {"cookie": "sessionid=" + "x" * 5_000 + "; csrftoken=\x01; ksbb_demo=::; =; é=é"}, {"origin": "null"},
    {"content-length": "0"}, {"x-http-method-override": "DELETE"}, {"x-request-id": "\x1b[31m" * 50},
]  # fmt: skip
