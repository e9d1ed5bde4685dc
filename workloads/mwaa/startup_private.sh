# Without a way to the Internet a task reaches a Region's S3 by the Region's own host alone. For
# us-east-1 botocore calls the global one, s3.amazonaws.com, unless it is told not to.
export AWS_S3_US_EAST_1_REGIONAL_ENDPOINT=regional
