-- What others report about our domains. The same SQL for H2 and PostgreSQL.

-- One aggregate report.
create table signet_received_report (
    id           bigint generated always as identity primary key,
    digest       varchar(64)  not null unique, -- of whose report it is and which: one that comes twice counts once
    organization varchar(253) not null,        -- as the report names itself
    report_id    varchar(253) not null,
    sender       varchar(253) not null,        -- the domain that the mail proved to be from; empty where that was not asked
    domain       varchar(253) not null,        -- the policy domain, A-labels
    begins       timestamp with time zone not null,
    ends         timestamp with time zone not null, -- and never after it was received
    received     timestamp with time zone not null
);
create index signet_received_report_ends on signet_received_report (ends);

create table signet_received_row (
    report       bigint       not null references signet_received_report (id) on delete cascade,
    position     int          not null,
    source       varchar(45)  not null,
    header_from  varchar(253) not null,
    messages     bigint       not null,
    disposition  varchar(10)  not null,
    dkim_aligned boolean      not null,
    spf_aligned  boolean      not null,
    primary key (report, position)
);

-- One failure report: of the message itself nothing.
create table signet_received_failure (
    id             bigint generated always as identity primary key,
    failure        varchar(253) not null,
    domain         varchar(253) not null, -- the author domain, A-labels
    sender         varchar(253) not null, -- as above
    source         varchar(45)  not null, -- empty where the report does not tell
    received       timestamp with time zone not null,
    incidents      bigint       not null,
    dkim_aligned   boolean, -- null where the report does not tell
    spf_aligned    boolean, -- as above
    delivery       varchar(253) not null,
    envelope_from  varchar(253) not null,
    dkim_domain    varchar(253) not null,
    dkim_selector  varchar(253) not null
);
create index signet_received_failure_received on signet_received_failure (received);
