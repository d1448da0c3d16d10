/* sqlite_driver.h — SQLite behind store.h: one file in the node's folder. */
#ifndef SHOKAI_STORE_SQLITE_SQLITE_DRIVER_H
#define SHOKAI_STORE_SQLITE_SQLITE_DRIVER_H

#include "store/driver.h"

extern const struct store_driver sqlite_driver;

#endif
