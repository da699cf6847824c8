"""Made-up deliveries: the demonstration kept in raw/, and volumes of any size for trials.

Belongs here: whatever writes fictional files in the forms that partners use. Not here: reading,
checking or computing anything; the pipeline never imports this package.
"""
