#!/bin/sh
# Run by Amazon MWAA when a component starts, before Airflow does.

# Older versions of botocore ask the global STS endpoint, which is in us-east-1: without this a hub
# elsewhere depends on that Region, and a private one may not reach it at all.
export AWS_STS_REGIONAL_ENDPOINTS=regional
