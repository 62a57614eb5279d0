# SPDX-License-Identifier: Apache-2.0
# Mail::DKIM behind a pipe. One request a line, words separated by blanks, binary values in base64; one answer a line.
#
#   txt NAME VALUE                                         -> ok
#   arcverify MESSAGE                                      -> pass | fail REASON
#   arcseal AUTHSERV_ID DOMAIN SELECTOR KEY_FILE MESSAGE   -> ok SEALED_MESSAGE
use strict;
use warnings;
use MIME::Base64;
use Mail::DKIM::ARC::Signer;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::TextWrap;
use Net::DNS;

my %records;

{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my ($name, $type) = @_;
        my $value = $records{$name};
        return defined $value
            ? Net::DNS::RR->new(name => $name, type => 'TXT', txtdata => [unpack '(a255)*', $value])
            : ();
    };
}

sub answer {
    my ($command, @words) = @_;
    if ($command eq 'txt') {
        $records{$words[0]} = decode_base64($words[1]);
        return 'ok';
    }
    if ($command eq 'arcverify') {
        my $verifier = Mail::DKIM::ARC::Verifier->new();
        $verifier->PRINT(decode_base64($words[0]));
        $verifier->CLOSE;
        return $verifier->result eq 'pass' ? 'pass' : 'fail ' . $verifier->result_detail;
    }
    if ($command eq 'arcseal') {
        my ($srvid, $domain, $selector, $key, $message) = @words;
        $message = decode_base64($message);
        my $signer = Mail::DKIM::ARC::Signer->new(
            Algorithm => 'rsa-sha256', Chain => 'ar', SrvId => $srvid, Domain => $domain, Selector => $selector, KeyFile => $key);
        $signer->PRINT($message);
        $signer->CLOSE;
        return 'fail ' . $signer->{details} if $signer->result ne 'sealed';
        return 'ok ' . encode_base64(join('', map { "$_\015\012" } $signer->as_strings) . $message, '');
    }
    return "what? $command";
}

$| = 1;
while (my $line = <STDIN>) {
    my $answer = eval { answer(split ' ', $line) } // 'fail ' . ($@ || 'nothing');
    $answer =~ s/\s+/ /g;
    print "$answer\n";
}
