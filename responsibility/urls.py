from django.urls import path

from responsibility import desk, duty_periods, mail, secrecy

urlpatterns = [
    path("desk/", desk.my_work, name="desk"),
    path("desk/inbox/", desk.inbox, name="inbox"),
    path("desk/inbox/<notice:pk>/", desk.notice, name="notice"),
    path("desk/preferences/", mail.preferences, name="mail_preferences"),
    path("desk/undelivered/", mail.failed, name="undelivered"),
    path("desk/secrecy/", secrecy.secrecy, name="secrecy"),
    path("desk/secrecy/<reader:pk>/", secrecy.declare, name="declare"),
    path("desk/duties/<slug:number>/", duty_periods.duty_period, name="duty_period"),
    path("desk/escalations/", desk.escalations, name="escalations"),
    path("desk/escalations/<escalation:pk>/", desk.escalation, name="escalation"),
    path("desk/escalations/<escalation:pk>/acts/<slug:slug>/", desk.escalation_act, name="escalation_act"),
]
