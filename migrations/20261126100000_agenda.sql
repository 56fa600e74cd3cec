-- The agenda in full: what a schedule leaves out, what changes on one day, and days on which
-- things are closed, of everywhere or of one place.

alter table schedules
    -- Further starts beside the rule (RFC 5545, RDATE), local.
    add column extra_starts timestamp[] not null default '{}',
    -- Whole days; starts_at is a midnight and duration_minutes whole days of 24 hours.
    add column all_day boolean not null default false,
    -- The duration is what the clock on the wall shows, not what elapses: a difference only
    -- over a change of summer time.
    add column by_wall_clock boolean not null default false,
    -- Only who made an appointment can come at these times.
    add column by_appointment boolean not null default false,
    -- Kinds of closures on which nothing is held.
    add column follows text[] not null default '{place}'
        constraint schedules_follows_known check (follows <@ array['public_holiday', 'school_holiday', 'place']),
    add constraint schedules_all_day_whole check (
        not all_day or (starts_at = date_trunc('day', starts_at) and duration_minutes % 1440 = 0));

-- What is different on one day of a schedule.
create table schedule_changes (
    activity_id uuid not null,
    position smallint not null,
    -- The start that the rule gives.
    recurrence timestamp not null,
    kind text not null constraint schedule_changes_kind_known check (kind in ('cancelled', 'moved', 'postponed')),
    -- Moved: when instead; empty: the time stays.
    starts_at timestamp,
    -- Moved: how long instead; empty: as long as always.
    duration_minutes integer constraint schedule_changes_duration_range check (duration_minutes between 1 and 44640),
    -- Moved: where instead; empty: the place stays.
    place_id uuid constraint schedule_changes_place_known references places (id),
    reason text not null default '',
    primary key (activity_id, position, recurrence),
    foreign key (activity_id, position) references schedules (activity_id, position) on delete cascade,
    constraint schedule_changes_moved_somewhere check (
        (kind = 'moved') = (starts_at is not null or duration_minutes is not null or place_id is not null))
);
create index schedule_changes_by_place on schedule_changes (place_id) where place_id is not null;

alter table closures
    add column kind text not null default 'public_holiday'
        constraint closures_kind_known check (kind in ('public_holiday', 'school_holiday', 'place', 'observance')),
    -- Closed is this place alone; empty: closed is everything that follows this kind.
    add column place_id uuid constraint closures_place_known references places (id),
    drop constraint closures_pkey,
    add constraint closures_name_taken unique nulls not distinct (name, place_id),
    add constraint closures_place_of_kind check ((kind = 'place') = (place_id is not null));
create index closures_by_place on closures (place_id) where place_id is not null;

-- Until now the name alone told what a closure was.
update closures set kind = 'school_holiday' where name ilike '%vakantie%';

-- The schedules of an activity as programs read them, and the closures that they may follow.
create view activity_times as
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
             and (c.place_id is null or c.place_id = a.place_id)), '[]') as closures,
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
