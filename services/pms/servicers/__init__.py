"""The RPCs of PmsService, by what they are about; `services.pms.servicer` puts them together."""
