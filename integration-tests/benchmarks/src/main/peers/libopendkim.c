// SPDX-License-Identifier: Apache-2.0
// How often a second libopendkim verifies a message whose key it has at hand. Prints that number.
// Usage: libopendkim MESSAGE KEY-RECORD SECONDS, the first two being files.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <stdbool.h>
#include <opendkim/dkim.h>

static char *record;

static DKIM_CBSTAT key(DKIM *dkim, DKIM_SIGINFO *sig, unsigned char *buf, size_t length) {
  strncpy((char *) buf, record, length);
  return DKIM_CBSTAT_CONTINUE;
}

static unsigned char *contents(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) { perror(path); exit(1); }
  fseek(file, 0, SEEK_END);
  *length = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*length + 1);
  if (fread(bytes, 1, *length, file) != *length) { perror(path); exit(1); }
  bytes[*length] = 0;
  fclose(file);
  return bytes;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void verify(DKIM_LIB *library, unsigned char *message, size_t length) {
  DKIM_STAT status;
  DKIM *dkim = dkim_verify(library, (unsigned char *) "benchmark", NULL, &status);
  if (status == DKIM_STAT_OK) { status = dkim_chunk(dkim, message, length); }
  if (status == DKIM_STAT_OK) { status = dkim_chunk(dkim, NULL, 0); }
  if (status == DKIM_STAT_OK) { status = dkim_eom(dkim, NULL); }
  if (status != DKIM_STAT_OK) {
    fprintf(stderr, "libopendkim did not verify the message: %s\n", dkim_getresultstr(status));
    exit(1);
  }
  dkim_free(dkim);
}

int main(int argc, char **argv) {
  size_t length, ignored;
  unsigned char *message = contents(argv[1], &length);
  record = (char *) contents(argv[2], &ignored);
  double seconds = atof(argv[3]);
  DKIM_LIB *library = dkim_init(NULL, NULL);
  dkim_set_key_lookup(library, key);
  // What is slow the first time is not what counts.
  for (int round = 0; round < 2; round++) {
    double start = now(), end = start;
    long count = 0;
    while (end - start < (round == 0 ? 0.5 : seconds)) {
      verify(library, message, length);
      count++;
      end = now();
    }
    if (round == 1) { printf("%.2f\n", count / (end - start)); }
  }
  return 0;
}
