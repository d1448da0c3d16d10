/* postgres_driver.h — PostgreSQL behind store.h: one database per node. */
#ifndef SHOKAI_STORE_POSTGRES_POSTGRES_DRIVER_H
#define SHOKAI_STORE_POSTGRES_POSTGRES_DRIVER_H

#include "store/driver.h"

extern const struct store_driver postgres_driver;

#endif
