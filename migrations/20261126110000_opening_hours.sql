-- Opening hours of organisations, in the notation of OpenStreetMap as those of places, and days on
-- which one place has other hours instead of being closed.

alter table organisations
    -- Empty: not known.
    add column opening_hours text not null default '';

alter table closures
    -- Open at these hours instead (10:00-15:00); empty: closed.
    add column hours text constraint closures_hours_given check (btrim(hours) <> ''),
    add constraint closures_hours_of_place check (hours is null or kind = 'place');

-- A building with other hours is not closed: only the condition on hours is new.
create or replace view activity_times as
select a.id as activity_id,
       coalesce((
           select jsonb_agg(
               to_jsonb(s) - 'activity_id' - 'position' || jsonb_build_object('changes', coalesce((
                   select jsonb_agg(jsonb_build_object(
                              'recurrence', c.recurrence, 'kind', c.kind, 'starts_at', c.starts_at,
                              'duration_minutes', c.duration_minutes, 'place', p.slug, 'reason', c.reason)
                          order by c.recurrence)
                   from schedule_changes c
                   left join places p on p.id = c.place_id
                   where c.activity_id = s.activity_id and c.position = s.position), '[]'))
               order by s.position)
           from schedules s where s.activity_id = a.id), '[]') as schedules,
       coalesce((
           select jsonb_agg(jsonb_build_object(
                      'name', c.name, 'start', c.starts_on, 'end', c.ends_on, 'certain', c.certain,
                      'kind', c.kind, 'place', null)
                  order by c.starts_on, c.name)
           from closures c
           where exists (select from schedules s where s.activity_id = a.id and c.kind = any(s.follows))
             and (c.place_id is null or c.place_id = a.place_id) and c.hours is null), '[]') as closures,
       coalesce((
           select jsonb_agg(distinct jsonb_build_object(
                      'slug', p.slug, 'name', p.name, 'wheelchair', p.wheelchair,
                      'zone', case when z.id is null then null
                              else jsonb_build_object('slug', z.slug, 'name', z.name) end))
           from schedule_changes c
           join places p on p.id = c.place_id and p.state = 'published'
           left join zones z on z.id = p.zone_id and z.state = 'published'
           where c.activity_id = a.id), '[]') as elsewhere
from activities a;
