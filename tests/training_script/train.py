import argparse
import os
import shutil
from pathlib import Path

import xgboost

options = argparse.ArgumentParser()
options.add_argument("--max_depth", type=int, default=3)
parameters = {"objective": "binary:logistic", "eval_metric": "auc", **vars(options.parse_args())}

names = ("train", "validation")
rows = {
    name: xgboost.DMatrix(f"{os.environ[f'SM_CHANNEL_{name.upper()}']}?format=csv&label_column=0")
    for name in names
}
booster = xgboost.train(parameters, rows["train"], 20, [(rows[name], name) for name in names])
model = Path(os.environ["SM_MODEL_DIR"])
booster.save_model(model / "model.json")
shutil.copy(Path(os.environ["SM_CHANNEL_SCHEMA"]) / "schema.json", model)
