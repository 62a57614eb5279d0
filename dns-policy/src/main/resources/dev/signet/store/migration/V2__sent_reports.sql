-- Aggregate reports on their way out. The same SQL for H2 and PostgreSQL.

-- Nodes that send. What a node holds is taken over when its time is past, by the clock of the database.
create table signet_sending_node (
    node        varchar(64) not null primary key,
    alive_until timestamp with time zone not null
);

-- One report, or one series of files.
create table signet_outgoing_report (
    policy_day bigint        not null primary key references signet_policy_day (id) on delete cascade,
    state      varchar(10)   not null, -- open, waiting (for mails in a queue that would go with its node), done, given-up
    send_at    timestamp with time zone not null,
    give_up_at timestamp with time zone not null,
    attempts   integer       not null,
    node       varchar(64), -- which has it now
    note       varchar(2000) not null -- what came of it, for people
);
create index signet_outgoing_report_state on signet_outgoing_report (state, send_at);

-- One mail: a file for a recipient.
create table signet_outgoing_mail (
    mail_id        varchar(32)  not null primary key, -- made of Report-ID and recipient
    policy_day     bigint       not null references signet_outgoing_report (policy_day) on delete cascade,
    utc_day        date         not null,
    recipient      varchar(320) not null,
    recipient_host varchar(253) not null,
    dated          timestamp with time zone not null,
    bounce_token   varchar(32)  not null unique,
    state          varchar(10)  not null, -- claimed, queued, departed, delivered, failed
    node           varchar(64)  not null, -- whose queue has the newest copy
    copy_number    integer      not null,
    departed_copy  integer -- the one that was seen on its way out
);
create index signet_outgoing_mail_report on signet_outgoing_mail (policy_day);
create index signet_outgoing_mail_host on signet_outgoing_mail (utc_day, recipient_host);

-- Addresses that mail came back from.
create table signet_suppressed_address (
    address          varchar(320) not null primary key,
    suppressed_until timestamp with time zone not null,
    bounces          integer      not null,
    reason           varchar(500) not null
);

-- What the command line asks a running node for.
create table signet_report_request (
    request_id varchar(36) not null primary key,
    utc_day    date        not null,
    dry_run    boolean     not null,
    node       varchar(64),
    answer     varchar
);
