<%@ page contentType="text/plain" %>Hello, ${param.name} <%= 6 * 7 %>
