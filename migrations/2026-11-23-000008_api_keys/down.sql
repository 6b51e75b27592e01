drop index changes_occurred_at_idx;
drop index changes_actor_idx;
drop table api_keys;
