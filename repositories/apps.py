from django.apps import AppConfig
from django.urls import register_converter


class RepositoriesConfig(AppConfig):
    name = "repositories"

    def ready(self) -> None:
        from repositories.addresses import AddressConverter, KindConverter

        register_converter(AddressConverter, "repository")
        register_converter(KindConverter, "kinds")
