# SPDX-License-Identifier: Apache-2.0
"""dkimpy behind a pipe. One request a line, words separated by blanks, binary values in base64; one answer a line.

  txt NAME VALUE                             -> ok
  verify MESSAGE                             -> pass | fail REASON
  sign ALGORITHM FORM/FORM DOMAIN SELECTOR KEY MESSAGE -> ok SIGNED_MESSAGE
  arcverify MESSAGE                          -> pass | fail REASON
  arcseal AUTHSERV_ID DOMAIN SELECTOR KEY MESSAGE -> ok SEALED_MESSAGE
"""
import base64
import sys

import dkim

records = {}


def answer(words):
    if words[0] == "txt":
        records[words[1].encode() + b"."] = base64.b64decode(words[2])
        return "ok"
    if words[0] == "verify":
        # Every signature has to hold: the first one alone would hide the others.
        message = base64.b64decode(words[1])
        checker = dkim.DKIM(message)
        count = sum(1 for name, _ in checker.headers if name.lower() == b"dkim-signature")
        results = [dkim.DKIM(message).verify(idx=i, dnsfunc=lambda name, timeout=5: records.get(name)) for i in range(count)]
        return "pass" if results and all(results) else "fail %s" % results
    if words[0] == "sign":
        algorithm, forms, domain, selector = (word.encode() for word in words[1:5])
        key, message = base64.b64decode(words[5]), base64.b64decode(words[6])
        signer = dkim.DKIM(message, signature_algorithm=algorithm)
        field = signer.sign(selector, domain, key, canonicalize=tuple(forms.split(b"/")))
        return "ok " + base64.b64encode(field + message).decode()
    if words[0] == "arcverify":
        cv, _, reason = dkim.arc_verify(base64.b64decode(words[1]), dnsfunc=lambda name, timeout=5: records.get(name))
        return "pass" if cv == dkim.CV_Pass else "fail %s" % reason
    if words[0] == "arcseal":
        authserv_id, domain, selector = (word.encode() for word in words[1:4])
        key, message = base64.b64decode(words[4]), base64.b64decode(words[5])
        fields = dkim.arc_sign(message, selector, domain, key, authserv_id)
        if not fields:
            return "fail not sealed"
        # Not every field that it makes ends with a line end.
        sealed = b"".join(field.rstrip(b"\r\n") + b"\r\n" for field in fields) + message
        return "ok " + base64.b64encode(sealed).decode()
    return "what? " + words[0]


for line in sys.stdin:
    try:
        print(answer(line.split()), flush=True)
    except Exception as e:
        print("fail " + repr(e).replace("\n", " "), flush=True)
