-- Who signs in to the admin area and with what rights, what they are signed in with, and the mail
-- that goes out to them.

create table accounts (
    id uuid primary key,
    email text not null
        constraint accounts_email_form check (email ~ '^[^@\s[:cntrl:]]+@[^@\s[:cntrl:]]+\.[^@\s[:cntrl:]]+$'),
    name text not null constraint accounts_name_given check (btrim(name) <> ''),
    -- Empty: no rights until someone gives them.
    role text constraint accounts_role_known check (role in (
        'administrator', 'editor', 'agenda_editor', 'reviewer', 'provider', 'reader')),
    enabled boolean not null default true,
    -- argon2id as a PHC string; empty: no password was chosen.
    password_hash text,
    -- The second factor (RFC 6238), and the last time step that was used: a code works once.
    totp_secret bytea,
    totp_step bigint,
    signed_in_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint accounts_totp_step_known check (totp_secret is not null or totp_step is null)
);
create unique index accounts_email_taken on accounts (lower(email));

-- To what a role is limited: zones of an agenda editor, themes of a reviewer, organisations of a
-- provider.
create table account_zones (
    account_id uuid not null references accounts (id) on delete cascade,
    zone_id uuid not null references zones (id) on delete cascade,
    primary key (account_id, zone_id)
);
create index account_zones_by_zone on account_zones (zone_id);

create table account_themes (
    account_id uuid not null references accounts (id) on delete cascade,
    theme_id uuid not null references themes (id) on delete cascade,
    primary key (account_id, theme_id)
);
create index account_themes_by_theme on account_themes (theme_id);

create table account_organisations (
    account_id uuid not null references accounts (id) on delete cascade,
    organisation_id uuid not null references organisations (id) on delete cascade,
    primary key (account_id, organisation_id)
);
create index account_organisations_by_organisation on account_organisations (organisation_id);

-- Codes for who lost the second factor; a row is gone when its code is used.
create table recovery_codes (
    account_id uuid not null references accounts (id) on delete cascade,
    digest bytea not null,
    primary key (account_id, digest)
);

-- Mailed links with which a password is chosen; a row is gone when its link is used.
create table account_links (
    digest bytea primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    expires_at timestamptz not null
);
create index account_links_by_account on account_links (account_id);

create table sessions (
    -- SHA-256 of what the cookie holds.
    digest bytea primary key,
    -- To end one's own sessions by, on a page.
    id uuid not null constraint sessions_id_taken unique,
    account_id uuid not null references accounts (id) on delete cascade,
    -- 'code': the password was right, the second factor is still asked.
    -- 'enrolment': may do nothing but set up the second factor.
    stage text not null constraint sessions_stage_known check (stage in ('code', 'enrolment', 'full')),
    -- What the browser says it is, in a few words.
    browser text not null default '',
    -- A second factor that is being set up.
    pending_secret bytea,
    created_at timestamptz not null,
    seen_at timestamptz not null
);
create index sessions_by_account on sessions (account_id);
create index sessions_by_age on sessions (seen_at);

-- Mail that waits or went out. What was sent loses its text: it may hold a link.
create table mails (
    id bigint generated always as identity primary key,
    recipient text not null
        constraint mails_recipient_form check (recipient ~ '^[^@\s[:cntrl:]]+@[^@\s[:cntrl:]]+\.[^@\s[:cntrl:]]+$'),
    subject text not null constraint mails_subject_form check (subject !~ '[[:cntrl:]]'),
    body text,
    queued_at timestamptz not null default now(),
    next_try_at timestamptz not null default now(),
    tries integer not null default 0,
    sent_at timestamptz,
    -- Why the last try failed.
    fault text not null default '',
    constraint mails_body_given check (body is not null or sent_at is not null)
);
create index mails_waiting on mails (next_try_at) where sent_at is null;
