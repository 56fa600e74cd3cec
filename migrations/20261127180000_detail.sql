-- What a record tells beyond its summary: Markdown, of which the program lets through little.

alter table organisations add column detail text not null default ''
    constraint organisations_detail_length check (length(detail) <= 4000);
alter table activities add column detail text not null default ''
    constraint activities_detail_length check (length(detail) <= 4000);
alter table places add column detail text not null default ''
    constraint places_detail_length check (length(detail) <= 4000);
