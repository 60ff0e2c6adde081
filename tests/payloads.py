"""Texts that would run as a script, or break out of where they stand, if some page, panel or list took them for markup.

What they make carries `data-struck`, so that markup is found even where the policy keeps it from running.
"""

MARK = "data-struck"
SCRIPTS = [
    f"<script {MARK}>alert(1)</script>", f"</script><script {MARK}>alert(1)</script>",
    f"<ScRiPt {MARK}>alert(1)</sCrIpT>",
    f"<script {MARK} src=//127.0.0.1:1/x.js></script>", f"</title><script {MARK}>alert(1)</script>",
    f"</textarea><script {MARK}>alert(1)</script>", f"</style><script {MARK}>alert(1)</script>",
    f"--><script {MARK}>alert(1)</script>", f"]]><script {MARK}>alert(1)</script>",
    f"<!--><script {MARK}>alert(1)</script>",
    f"</noscript><script {MARK}>alert(1)</script>", f"</option></select><script {MARK}>alert(1)</script>",
    f"</template><script {MARK}>alert(1)</script>", f"</svg><script {MARK}>alert(1)</script>",
    f"\u2028<script {MARK}>alert(1)</script>", f"<script {MARK} type=module>import'/x'</script>",
]  # fmt: skip
HANDLERS = [
    f"<img {MARK} src=x onerror=alert(1)>", f"\"><img {MARK} src=x onerror=alert(1)>",
    f"'><img {MARK} src=x onerror=alert(1)>",
    f"<svg {MARK} onload=alert(1)>", f"<svg/{MARK}/onload=alert(1)>", f"<body {MARK} onload=alert(1)>",
    f"<input {MARK} autofocus onfocus=alert(1)>", f"<details {MARK} open ontoggle=alert(1)>",
    f"<video {MARK}><source onerror=alert(1)>",
    f"<audio {MARK} src=x onerror=alert(1)>", f"<marquee {MARK} onstart=alert(1)>",
    f"<iframe {MARK} srcdoc='<script>alert(1)</script>'>",
    f"<iframe {MARK} src=javascript:alert(1)>", f"<object {MARK} data=javascript:alert(1)>",
    f"<embed {MARK} src=javascript:alert(1)>",
    f"<a {MARK} href=javascript:alert(1)>x</a>", f"<form {MARK} action=javascript:alert(1)><button>x",
    f"<meta {MARK} http-equiv=refresh content=0>",
    f"<link {MARK} rel=stylesheet href=//127.0.0.1:1/x>", f"<base {MARK} href=//127.0.0.1:1/>",
    f"<style {MARK}>*{{display:none}}</style>",
    f"<math {MARK}><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    f"<p {MARK} style=animation-name:x onanimationstart=alert(1)>",
    f"<select {MARK} autofocus onfocus=alert(1)>", f"<b {MARK} onpointerenter=alert(1) style=position:fixed;inset:0>x",
    f"<svg {MARK}><animate onbegin=alert(1) attributeName=x>", f"<svg {MARK}><use href=data:image/svg+xml,x>",
    f"<x {MARK} contenteditable onblur=alert(1)>",
]  # fmt: skip
ATTRIBUTES = [
    f'" onmouseover=alert(1) {MARK}="', f"' onmouseover=alert(1) {MARK}='", f" autofocus onfocus=alert(1) {MARK} ",
    f'" autofocus onfocus=alert(1) {MARK}="',
    f"` onmouseover=alert(1) {MARK}=`", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
]  # fmt: skip
TEMPLATES = [
    "{{ 7|add:7 }}{% debug %}", "${alert(1)}", "#{alert(1)}", "';alert(1)//", '";alert(1)//', "\\';alert(1)//",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)", "%3Cscript%3Ealert(1)%3C/script%3E",
    "＜script＞alert(1)＜/script＞", "]});alert(1);({[",
]  # fmt: skip
FORMULAS = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|x",
    "-2+3+cmd|x",
    "\t=1+1",
    'x;=HYPERLINK("//127.0.0.1")',
]
PAYLOADS = [*SCRIPTS, *HANDLERS, *ATTRIBUTES, *TEMPLATES, *FORMULAS]
