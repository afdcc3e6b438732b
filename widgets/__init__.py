"""What a person sees: values in, signals out; knows neither stores nor readers."""
