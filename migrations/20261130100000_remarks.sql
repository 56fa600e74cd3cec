-- What people who work on a record say to each other about it. Never public.

create table remarks (
    id uuid primary key,
    kind text not null constraint remarks_kind_known check (kind in (
        'organisation', 'activity', 'place', 'dossier', 'faq', 'zone')),
    record_id uuid not null,
    account_id uuid not null constraint remarks_account_known references accounts (id),
    body text not null constraint remarks_given check (btrim(body) <> '')
        constraint remarks_length check (length(body) <= 1000),
    said_at timestamptz not null default now(),
    settled_at timestamptz
);
create index remarks_open on remarks (kind, record_id) where settled_at is null;
create index remarks_by_account on remarks (account_id);
