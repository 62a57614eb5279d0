-- What DMARC found, counted into the rows of reports. The same SQL for H2 and PostgreSQL. What strangers wrote is JSON in ASCII: PostgreSQL
-- has no NUL in a text.

-- One report, or one series of them: a policy as it was published, on one day.
create table signet_policy_day (
    id        bigint generated always as identity primary key,
    utc_day   date          not null,
    domain    varchar(253)  not null,
    policy    varchar(1000) not null, -- all of the published policy, as JSON
    record    varchar       not null, -- the newest DMARC record that came to this policy, as JSON: says where reports go
    record_time timestamp with time zone not null, -- of the message that brought it
    messages  bigint        not null,
    due       boolean       not null, -- whether any message calls for a report
    closed    boolean       not null, -- whether its report is being sent: counts no more
    unique (utc_day, domain, policy)
);

create table signet_row (
    policy_day  bigint      not null references signet_policy_day (id) on delete cascade,
    digest      varchar(64) not null, -- of the observation
    messages    bigint      not null,
    observation varchar     not null, -- as JSON
    primary key (policy_day, digest)
);

-- Up to where the journal of each node is counted above: in the same transaction, so nothing counts twice.
create table signet_journal (
    id           varchar(36) not null primary key,
    counted      bigint      not null,
    last_counted timestamp with time zone not null
);
