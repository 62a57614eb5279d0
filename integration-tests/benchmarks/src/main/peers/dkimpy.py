# SPDX-License-Identifier: Apache-2.0
"""How often a second dkimpy verifies a message whose key it has at hand. Prints that number.

Usage: dkimpy.py MESSAGE KEY-RECORD SECONDS, the first two being files.
"""
import sys
import time

import dkim

with open(sys.argv[1], "rb") as file:
    message = file.read()
with open(sys.argv[2], "rb") as file:
    record = file.read()

# What is slow the first time is not what counts.
for seconds in (0.5, float(sys.argv[3])):
    start = end = time.monotonic()
    count = 0
    while end - start < seconds:
        if not dkim.verify(message, dnsfunc=lambda name, timeout=5: record):
            sys.exit("dkimpy did not verify the message")
        count += 1
        end = time.monotonic()
print("%.2f" % (count / (end - start)))
