-- What happens to a record by itself at a moment that an editor chose: it goes online, or off.
-- A row goes when it is done, or when someone does the same by hand.

create table planned_acts (
    kind text not null constraint planned_acts_kind_known check (kind in (
        'organisation', 'activity', 'place', 'dossier', 'faq', 'zone')),
    record_id uuid not null,
    act text not null constraint planned_acts_act_known check (act in ('publish', 'withdraw')),
    at timestamptz not null,
    -- Who planned it: it is done in their name.
    account_id uuid not null constraint planned_acts_account_known references accounts (id),
    planned_at timestamptz not null default now(),
    primary key (kind, record_id, act)
);
create index planned_acts_by_time on planned_acts (at);
create index planned_acts_by_account on planned_acts (account_id);

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
       exists (select from planned_acts p where p.kind = r.kind and p.record_id = r.id) as planned
from records r;
