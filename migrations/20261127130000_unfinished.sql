-- Forms that someone has not finished: what was typed survives closing the browser and the end of
-- a session. Rows go when the form is saved, and after a month.

create table unfinished_forms (
    account_id uuid not null references accounts (id) on delete cascade,
    kind text not null,
    -- Empty: the form of a new record.
    slug text not null,
    fields jsonb not null,
    saved_at timestamptz not null default now(),
    primary key (account_id, kind, slug),
    constraint unfinished_forms_fields_range check (octet_length(fields::text) <= 100000)
);
create index unfinished_forms_by_age on unfinished_forms (saved_at);
