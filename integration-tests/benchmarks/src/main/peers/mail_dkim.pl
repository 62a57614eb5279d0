# SPDX-License-Identifier: Apache-2.0
# How often a second Mail::DKIM verifies a message whose key it has at hand. Prints that number.
# Usage: mail_dkim.pl MESSAGE KEY-RECORD SECONDS, the first two being files.
use strict;
use warnings;
use Mail::DKIM::Verifier;
use Net::DNS;
use Time::HiRes qw(time);

sub contents { my ($path) = @_; open my $in, '<:raw', $path or die "$path: $!"; local $/; return <$in>; }

my ($message, $record, $seconds) = (contents($ARGV[0]), contents($ARGV[1]), $ARGV[2]);
{
    no warnings 'redefine';
    my @key = Net::DNS::RR->new(name => 'bench._domainkey.example.com', type => 'TXT', txtdata => [unpack '(a255)*', $record]);
    *Mail::DKIM::DNS::query = sub { return @key };
}

sub verify {
    my $dkim = Mail::DKIM::Verifier->new;
    $dkim->PRINT($message);
    $dkim->CLOSE;
    die 'Mail::DKIM did not verify the message: ' . $dkim->result_detail . "\n" if $dkim->result ne 'pass';
}

# What is slow the first time is not what counts.
for my $length (0.5, $seconds) {
    my ($start, $end, $count) = (time, time, 0);
    while ($end - $start < $length) { verify; $count++; $end = time; }
    printf "%.2f\n", $count / ($end - $start) if $length == $seconds;
}
