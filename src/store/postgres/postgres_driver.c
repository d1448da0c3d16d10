/* postgres_driver.c — see postgres_driver.h. */
#include "store/postgres/postgres_driver.h"

#include "store/postgres/postgres_internal.h"
#include "store/postgres/postgres_partition.h"

const struct store_driver postgres_driver = {
    .scheme = "postgresql:",
    .open = postgres_open,
    .close = postgres_open_close,
    .settings = postgres_open_settings,
    .dump = postgres_copy_dump,
    .load = postgres_copy_load,
    .begin = postgres_control_begin,
    .commit = postgres_partition_commit,
    .rollback = postgres_partition_rollback,
    .mark = postgres_control_mark,
    .settle = postgres_control_settle,
    .release = postgres_control_release,
    .undo = postgres_partition_undo,
    .each = postgres_rows_each,
    .query = postgres_rows_query,
    .next = postgres_rows_next,
    .input = postgres_rows_input,
    .value = postgres_rows_value,
    .close_rows = postgres_rows_close,
    .claim = postgres_claim,
    .unclaim = postgres_claim_back,
    .tell = postgres_wake_tell,
    .heard = postgres_wake_heard,
    .lane = postgres_claim_lane,
};
