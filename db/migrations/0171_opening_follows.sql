-- What is begun only once these openings are settled: an account that is given back is asked for anew after that.
ALTER TABLE loop_opening ADD COLUMN follows uuid[];
-- Also a loop that is asked for and has not begun yet is told: the telling waits for it.
ALTER TABLE loop_opening DROP CONSTRAINT loop_opening_target_id_fkey;
