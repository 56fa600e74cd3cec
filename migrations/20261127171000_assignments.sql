-- Whose work a record is: chosen by hand, seen on that person's desk.

create table assignments (
    kind text not null constraint assignments_kind_known check (kind in (
        'organisation', 'activity', 'place', 'dossier', 'faq', 'zone')),
    record_id uuid not null,
    account_id uuid not null constraint assignments_account_known references accounts (id) on delete cascade,
    assigned_at timestamptz not null default now(),
    primary key (kind, record_id)
);
create index assignments_by_account on assignments (account_id);

create or replace view records_to_look_at as
select r.*,
       exists (select from proposals p where p.kind = r.kind and p.record_id = r.id) as proposed,
       case r.kind
           when 'organisation' then exists (
               select from organisations o
               where o.id = r.id and o.phone is null and o.email is null and o.website is null)
           else false
       end as without_contact,
       r.kind = 'place' and r.zone_id is null as without_zone,
       case r.kind
           when 'organisation' then (select o.summary_words from organisations o where o.id = r.id)
           when 'activity' then (select a.summary_words from activities a where a.id = r.id)
           when 'place' then (select p.summary_words from places p where p.id = r.id)
       end as summary_words,
       case r.kind when 'activity' then (select a.last_day from activities a where a.id = r.id) end as last_day,
       exists (select from planned_acts p where p.kind = r.kind and p.record_id = r.id) as planned,
       (select a.account_id from assignments a where a.kind = r.kind and a.record_id = r.id) as assigned_to
from records r;
