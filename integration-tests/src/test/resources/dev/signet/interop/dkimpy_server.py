# SPDX-License-Identifier: Apache-2.0
"""dkimpy behind a pipe. One request a line, words separated by blanks, binary values in base64; one answer a line.

  txt NAME VALUE                             -> ok
  verify MESSAGE                             -> pass | fail REASON
  sign ALGORITHM FORM/FORM DOMAIN SELECTOR KEY MESSAGE -> ok SIGNED_MESSAGE
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
    return "what? " + words[0]


for line in sys.stdin:
    try:
        print(answer(line.split()), flush=True)
    except Exception as e:
        print("fail " + repr(e).replace("\n", " "), flush=True)
