#!/usr/bin/perl
# Reads aggregate reports with Mail::DMARC, as its dmarc_receive does, and says what it understood instead of storing it.
# Each line: the mail in base64. Each answer: domain, report id, begin, end, and for each row ip=count/disposition/dkim/spf/header_from.
use strict;
use warnings;
use MIME::Base64;
use Email::Simple;
use Mail::DMARC::Report::Receive;

# It prints the subject to standard output.
open(my $answers, '>&', \*STDOUT) or die;
open(STDOUT, '>&', \*STDERR) or die;
select((select($answers), $| = 1)[0]);
no warnings 'redefine';
*Mail::DMARC::Report::save_aggregate = sub { return 1 };

while (my $line = <STDIN>) {
    my $answer = eval {
        my $reader = Mail::DMARC::Report::Receive->new;
        my $type = $reader->from_email_simple(Email::Simple->new(decode_base64($line))) || 'nothing';
        my $report = $reader->report->aggregate;
        my $meta = $report->metadata;
        join(' ', "ok $type", $report->policy_published->domain, $meta->report_id, $meta->begin, $meta->end,
            sort map {
                my $row = $_->row;
                my $evaluated = $row->policy_evaluated;
                $row->source_ip . '=' . $row->count . '/' . $evaluated->disposition . '/' . $evaluated->dkim . '/' . $evaluated->spf
                    . '/' . $_->identifiers->header_from
            } @{ $report->record });
    };
    my $error = $@;
    $error =~ s/\s+/ /g;
    print $answers defined $answer ? "$answer\n" : "error $error\n";
}
