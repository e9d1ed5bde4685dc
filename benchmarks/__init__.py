"""The measurements that are followed: `make bench` prints them, and nothing is asserted."""
