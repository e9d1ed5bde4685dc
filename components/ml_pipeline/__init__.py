"""An ML pipeline: training, clean-up function and the policies of both."""
