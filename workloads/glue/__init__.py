"""The package of the Glue job, which its script gets by `--extra-py-files`."""
