"""From a trained model to a folder that scores articles without torch."""
