"""Amazon SageMaker: training jobs with a real XGBoost."""
