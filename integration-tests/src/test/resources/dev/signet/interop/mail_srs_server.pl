# SPDX-License-Identifier: Apache-2.0
# Mail::SRS behind a pipe. One request a line, words separated by blanks; one answer a line. TIME is in seconds since 1970.
#
#   forward SECRETS HASH_LENGTH TIME SENDER FORWARDER   -> ok ADDRESS
#   reverse SECRETS HASH_LENGTH TIME ADDRESS            -> ok ADDRESS
#                                                       -> fail REASON
use strict;
use warnings;

my $now;
BEGIN { *CORE::GLOBAL::time = sub () { $now } }
use Mail::SRS;

sub answer {
    my ($command, $secrets, $length, $time, @words) = @_;
    $now = $time;
    my $srs = Mail::SRS->new(Secret => [split ',', $secrets], HashLength => $length, AlwaysRewrite => 1);
    return 'ok ' . $srs->forward(@words) if $command eq 'forward';
    return 'ok ' . $srs->reverse(@words) if $command eq 'reverse';
    return "what? $command";
}

# It warns of addresses whose case was changed.
$SIG{__WARN__} = sub { };
$| = 1;
while (my $line = <STDIN>) {
    my $answer = eval { answer(split ' ', $line) } // 'fail ' . ($@ || 'nothing');
    $answer =~ s/\s+/ /g;
    print "$answer\n";
}
