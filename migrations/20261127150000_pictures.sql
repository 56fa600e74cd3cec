-- Pictures of organisations and activities, made anew by the program: never what was sent. Here
-- and not in files, so that a dump holds them and every program on this database shows them.

create table pictures (
    -- The first half of the SHA-256 of the largest size, in hexadecimal.
    id text primary key constraint pictures_id_form check (id ~ '^[0-9a-f]{32}$'),
    -- Of the largest size, in pixels.
    width integer not null constraint pictures_width_range check (width between 1 and 1280),
    height integer not null constraint pictures_height_range check (height between 1 and 1600),
    created_at timestamptz not null default now(),
    -- When it is removed, unless something shows it by then; empty: a record or a proposal shows it,
    -- as the last sweep saw.
    gone_after timestamptz
);
create index pictures_by_end on pictures (gone_after) where gone_after is not null;

create table picture_sizes (
    picture_id text not null references pictures (id) on delete cascade,
    width integer not null,
    jpeg bytea not null constraint picture_sizes_jpeg_range check (octet_length(jpeg) between 1 and 4000000),
    primary key (picture_id, width)
);
-- It does not become smaller.
alter table picture_sizes alter column jpeg set storage external;

alter table organisations
    add column picture_id text constraint organisations_picture_known references pictures (id),
    add column picture_alt text,
    add constraint organisations_picture_alt_given
        check ((picture_id is null) = (picture_alt is null) and coalesce(btrim(picture_alt) <> '', true)),
    add constraint organisations_picture_alt_range check (length(picture_alt) <= 200);
alter table activities
    add column picture_id text constraint activities_picture_known references pictures (id),
    add column picture_alt text,
    add constraint activities_picture_alt_given
        check ((picture_id is null) = (picture_alt is null) and coalesce(btrim(picture_alt) <> '', true)),
    add constraint activities_picture_alt_range check (length(picture_alt) <= 200);
create index organisations_by_picture on organisations (picture_id) where picture_id is not null;
create index activities_by_picture on activities (picture_id) where picture_id is not null;
