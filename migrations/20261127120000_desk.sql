-- What the desk counts: texts that are too long, activities that are over.

alter table organisations add column summary_words integer not null generated always as (
    coalesce(array_length(regexp_split_to_array(nullif(btrim(summary), ''), '\s+'), 1), 0)) stored;
alter table activities add column summary_words integer not null generated always as (
    coalesce(array_length(regexp_split_to_array(nullif(btrim(summary), ''), '\s+'), 1), 0)) stored;
alter table places add column summary_words integer not null generated always as (
    coalesce(array_length(regexp_split_to_array(nullif(btrim(summary), ''), '\s+'), 1), 0)) stored;

-- The last day of its dates, worked out when it is saved; empty: without end, or no dates at all.
alter table activities add column last_day date;

-- Every record as editors look for work in it.
create view records_to_look_at as
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
       case r.kind when 'activity' then (select a.last_day from activities a where a.id = r.id) end as last_day
from records r;
