-- What happened: former addresses, the audit log, and the outbox that keeps search in step.

create table former_slugs (
    kind text not null constraint former_slugs_kind_known check (kind in (
        'organisation', 'activity', 'place', 'dossier', 'faq', 'theme', 'zone')),
    slug text not null
        constraint former_slugs_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    record_id uuid not null,
    created_at timestamptz not null default now(),
    constraint former_slugs_taken primary key (kind, slug)
);
create index former_slugs_by_record on former_slugs (record_id);

create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    act text not null,
    subject text not null,
    key text not null,
    -- The whole record after the act; null when it is gone.
    content jsonb
);
create index audit_log_by_key on audit_log (subject, key, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is never changed';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute function refuse_change();

-- One row for each changed record, written in the transaction of the change. Every running
-- program reads the rows that were not yet visible in the snapshot it read last: commit order,
-- no cursor, any number of programs. Old rows are swept away by age.
create table outbox (
    id bigint generated always as identity primary key,
    subject text not null,
    record_id uuid,
    written_in xid8 not null default pg_current_xact_id(),
    written_at timestamptz not null default now()
);
create index outbox_by_transaction on outbox (written_in);
create index outbox_by_age on outbox (written_at);

create function ring_outbox() returns trigger language plpgsql as $$
begin
    perform pg_notify('wijzer_outbox', '');
    return null;
end $$;
create trigger outbox_rings after insert on outbox for each statement execute function ring_outbox();
