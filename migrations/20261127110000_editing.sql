-- What the admin area needs beside the records: one list of all of them, their history by id,
-- proposals that wait for approval, and forms that were handled.

create extension if not exists pg_trgm;

-- Every record of every kind that has a page, for lists and for finding one by name.
create view records as
select 'organisation'::text as kind, o.id, o.slug, o.name as title, o.state, o.checked_at, o.updated_at, o.version,
       o.id as organisation_id, null::uuid as zone_id
from organisations o
union all
select 'activity', a.id, a.slug, a.title, a.state, a.checked_at, a.updated_at, a.version,
       a.organisation_id, (select p.zone_id from places p where p.id = a.place_id)
from activities a
union all
select 'place', p.id, p.slug, p.name, p.state, p.checked_at, p.updated_at, p.version, null, p.zone_id
from places p
union all
select 'dossier', d.id, d.slug, d.title, d.state, d.checked_at, d.updated_at, d.version, null, null
from dossiers d
union all
select 'faq', f.id, f.slug, f.question, f.state, f.checked_at, f.updated_at, f.version, null, null
from faqs f
union all
select 'zone', z.id, z.slug, z.name, z.state, z.checked_at, z.updated_at, z.version, null, z.id
from zones z;

create index organisations_by_change on organisations (updated_at desc, id desc);
create index activities_by_change on activities (updated_at desc, id desc);
create index places_by_change on places (updated_at desc, id desc);
create index organisations_by_words on organisations using gin (name gin_trgm_ops);
create index activities_by_words on activities using gin (title gin_trgm_ops);
create index places_by_words on places using gin (name gin_trgm_ops);

-- A record keeps its history when its address changes.
alter table audit_log add column record_id uuid;
alter table audit_log disable trigger audit_log_append_only;
update audit_log l set record_id = r.id from records r where r.kind = l.subject and r.slug = l.key;
alter table audit_log enable trigger audit_log_append_only;
create index audit_log_by_record on audit_log (record_id, id) where record_id is not null;

-- What someone proposes for a record that is public: the whole record as it would be.
create table proposals (
    kind text not null constraint proposals_kind_known check (kind in (
        'organisation', 'activity', 'place', 'dossier', 'faq', 'zone')),
    record_id uuid not null,
    content jsonb not null,
    -- The version of the record that it was made of.
    seen integer not null,
    author_id uuid not null constraint proposals_author_known references accounts (id),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (kind, record_id)
);
create index proposals_by_author on proposals (author_id);

-- Forms that were handled: sent twice they are handled once. Rows go after a day.
create table forms_handled (
    token uuid primary key,
    path text not null,
    handled_at timestamptz not null default now()
);
create index forms_handled_by_age on forms_handled (handled_at);
