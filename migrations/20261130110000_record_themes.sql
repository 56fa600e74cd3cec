-- The themes of every record that has some: who reviews a theme is asked to look at those alone.

create view record_themes as
select 'organisation'::text as kind, organisation_id as record_id, theme_id from organisation_themes
union all
select 'activity', activity_id, theme_id from activity_themes
union all
select 'dossier', id, theme_id from dossiers
union all
select 'faq', id, theme_id from faqs;
