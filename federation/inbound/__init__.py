"""Activities from others: verified, stored, then applied one by one."""
